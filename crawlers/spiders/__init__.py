"""Thin Scrapy spiders over one base."""
