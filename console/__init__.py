"""The analysts' web pages and the inbound Telegram bot."""
