"""The base class of all settings and the types of values that several groups share."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

NAME_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_.+-]*$"
"""Names become file and folder names, so only plain characters are allowed."""

Name = Annotated[str, Field(pattern=NAME_PATTERN)]
Seed = Annotated[int, Field(ge=0, lt=2**32)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(_[A-Za-z]+)?$")]


class Settings(BaseModel):
    """A group of settings: checked when it is read, never changed; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
