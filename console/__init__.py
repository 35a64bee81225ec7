"""The analysts' web pages: server-rendered, strict, quick to use by keyboard, whole without JavaScript."""
