"""The Telegram bot's inbound side: buttons, forwarded messages and the posts of channels, obeyed through the line."""
