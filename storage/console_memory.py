"""What the console remembers beside the line's store, over the same database."""

from storage.accounts import Accounts
from storage.cases import Cases, SavedViews
from storage.chats import Chats
from storage.review_pictures import ReviewPictures
from storage.review_queue import ReviewQueue
from storage.reviews import Reviews
from storage.store import Store


class ConsoleMemory:
    """The people, their work on alerts, and their cases."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.accounts = Accounts(store.database)
        self.reviews = Reviews(store.database)
        self.queue = ReviewQueue(store.database)
        self.pictures = ReviewPictures(store.database)
        self.cases = Cases(store.database)
        self.views = SavedViews(store.database)
        self.chats = Chats(store.database)
