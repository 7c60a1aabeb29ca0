"""What every group of settings has in common: frozen, typed, unknown keys refused."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

NAME_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_.+-]*$"
"""Names become file and folder names, so nothing but plain characters."""

Name = Annotated[str, Field(pattern=NAME_PATTERN)]
Seed = Annotated[int, Field(ge=0, lt=2**32)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(_[A-Za-z]+)?$")]


class Settings(BaseModel):
    """A group of settings. Values are checked once, when read, and never change after."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
