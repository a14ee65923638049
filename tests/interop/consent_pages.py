"""A user's browser on the OAuth 2.0 pages of the emulator, by HTTP alone: reads each form, and sends it as a browser
would."""

from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin

from browser import send


class Form(HTMLParser):
    """The form of a page: where it goes, its hidden and typed fields, its boxes and choices, its buttons."""

    def __init__(self, page):
        super().__init__()
        self.action, self.fields, self.boxes, self.choices, self.buttons = None, [], [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        said = dict(attributes)
        if tag == "form":
            self.action = said["action"]
        elif tag == "button" and said.get("name"):
            self.buttons.append((said["name"], said["value"]))
        elif tag == "input":
            pair = (said.get("name"), said.get("value", ""))
            if said.get("type") == "checkbox":
                self.boxes.append(pair + ("checked" in said,))
            elif said.get("type") == "radio":
                self.choices.append(pair)
            else:
                self.fields.append(pair)


class Person:
    """A user with an account, scopes that are left unticked, and a button that is pressed: allow or deny."""

    def __init__(self, account="ann@example.com", untick=(), decision="allow"):
        self.account, self.untick, self.decision = account, untick, decision
        self.pages = []

    def visit(self, link):
        """Follows the pages from a link on; the address that the browser is sent to outside of them, or None."""
        status, location, page = send(link)
        return self._on(link, status, location, page)

    def type_code(self, address, user_code):
        """Types a device's code in, and decides."""
        page = send(address)[2]
        form = Form(page)
        fields = [(name, user_code if name == "user_code" else value) for name, value in form.fields]
        address = urljoin(address, form.action)
        return self._on(address, *send(address, form=urlencode(fields)))

    def _on(self, address, status, location, page):
        for _ in range(8):
            if location is not None:
                return location
            self.pages.append((status, page))
            form = Form(page)
            if form.action is None:
                return None
            fields = form.fields + [box[:2] for box in form.boxes if box[2] and box[1] not in self.untick]
            if form.choices:
                fields.append((form.choices[0][0], self.account))
            if form.buttons:
                fields.append(next(button for button in form.buttons if button[1] == self.decision))
            address = urljoin(address, form.action)
            status, location, page = send(address, form=urlencode(fields))
        raise AssertionError("expected an end of the pages, got one more after eight")
