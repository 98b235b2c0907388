"""The list of scenarios. A scenario is a function that gets a World and leaves captures and truth in it."""
import importlib
import pkgutil
from dataclasses import dataclass

SCENARIOS = {}


class Unavailable(Exception):
    """The scenario needs something this machine's Debian does not have; the report says what."""


@dataclass
class Scenario:
    name: str
    title: str
    happened: str      # what was done, for the README
    look: str          # what to look for in Wireshark, with display filters
    seconds: int       # roughly how long it runs: the longest start first
    run: object
    commit: bool = True


def scenario(name, title, happened, look, seconds=20, commit=True):
    def register(function):
        SCENARIOS[name] = Scenario(name, title, " ".join(happened.split()), look, seconds, function, commit)
        return function
    return register


def load():
    import scenarios
    for module in pkgutil.iter_modules(scenarios.__path__):
        importlib.import_module(f"scenarios.{module.name}")
    return SCENARIOS
