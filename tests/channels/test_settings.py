"""What can be set from outside, and what is said when it does not fit."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from channels.errors import SettingsError
from channels.settings import Settings, from_environment


def test_nothing_set():
    """Nothing needs to be set, and an empty variable is not set."""
    assert Settings() == from_environment({}) == from_environment({"TANDEM_PORT": "", "TANDEM_SECRET": " "})


def test_set():
    """Each kind of value is read as what it is; lists are separated by commas."""
    settings = from_environment(
        {
            "TANDEM_PORT": "9000",
            "TANDEM_PATIENCE_S": "2.5",
            "TANDEM_ORIGINS": "https://shop.example/, http://localhost:3000",
            "TANDEM_SECRET_FILE": "/run/secret",
            "TANDEM_TRUSTED_PROXIES": "10.0.0.0/8",
        }
    )

    assert (9000, 2.5, Path("/run/secret")) == (settings.port, settings.patience_s, settings.secret_file)
    assert ("https://shop.example", "http://localhost:3000") == settings.origins


def test_ports_of_neighbours():
    """Where Rasa and its actions are given by port alone they are on loopback; a whole address goes first."""
    settings = from_environment({"TANDEM_RASA_PORT": "6005", "TANDEM_ACTIONS_PORT": "6055", "TANDEM_RASA_URL": "http://10.0.0.5:5005"})

    assert ("http://10.0.0.5:5005", "http://127.0.0.1:6055") == (settings.rasa_url, settings.actions_url)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TANDEM_PORT", "http"),
        ("TANDEM_PORT", "-1"),
        ("TANDEM_PATIENCE_S", "nan"),
        ("TANDEM_RETENTION_DAYS", "0"),
        ("TANDEM_ORIGINS", "*"),
        ("TANDEM_ORIGINS", "shop.example"),
        ("TANDEM_ORIGINS", "https://shop.example/path"),
        ("TANDEM_RASA_URL", "127.0.0.1:5005"),
        ("TANDEM_TRUSTED_PROXIES", "everybody"),
    ],
)
def test_does_not_fit(variable, value):
    """A value that does not fit ends the start with a sentence that names the variable."""
    with pytest.raises(SettingsError, match=variable):
        from_environment({variable: value})


def test_secrets_stay_out_of_sight():
    """Printing the settings does not print what is secret in them."""
    shown = repr(
        Settings(secret="the secret", rasa_token="the token", metrics_token="the numbers", conversations_url="postgresql://me:pass@host/x")
    )

    assert not re.search("the secret|the token|the numbers|pass", shown)


def test_each_says_what_it_is():
    """Every setting stands below a comment, alone or with its neighbours."""
    source = Path("channels/settings.py").read_text(encoding="utf-8") if Path("channels").is_dir() else ""
    blocks = [block for block in source.split("\n\n") if re.search(r"^    \w+: .+ = ", block, re.MULTILINE)]
    told = {name for block in blocks if "    # " in block for name in re.findall(r"^    (\w+): ", block, re.MULTILINE)}

    assert {field.name for field in fields(Settings)} <= told | {"widget"}
