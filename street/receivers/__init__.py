"""Who is told: a small Bot API server, a mail server and a receiver of webhooks, on loopback."""
