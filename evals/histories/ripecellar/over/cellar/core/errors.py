"""What is refused, in words for people."""


class Refusal(Exception):
    status = 422

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class NotThere(Refusal):
    status = 404


class Clash(Refusal):
    status = 409


class NotAllowed(Refusal):
    status = 403
