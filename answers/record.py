"""Frozen dataclasses that cost nothing to define.

`dataclasses.dataclass` writes and compiles six methods per class: half a millisecond each, a third of the time that a whole
verdict may take over the classes it needs. Here one set of methods reads a class's annotations. `dataclasses.fields`,
`replace` and `asdict` work as on any dataclass, and type checkers see one.
"""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar, dataclass_transform


class _Fields:
    """Gives `dataclasses` its field objects when it asks for them, and not before."""

    def __get__(self, instance: object, owner: type[Record]) -> dict[str, Any]:
        import dataclasses

        made = dataclasses.make_dataclass(
            owner.__name__,
            [
                (name, Any, dataclasses.field(default=owner._defaults[name]))
                if name in owner._defaults
                else (name, Any)
                for name in owner.__match_args__
            ],
            kw_only=True,
        )
        fields: dict[str, Any] = made.__dataclass_fields__  # type: ignore[attr-defined]
        owner.__dataclass_fields__ = fields
        return fields


@dataclass_transform(frozen_default=True)
class Record:
    """A base class whose subclasses are frozen dataclasses: fields by annotation, defaults by assignment."""

    __match_args__: ClassVar[tuple[str, ...]] = ()
    __dataclass_fields__: ClassVar[Any] = _Fields()
    _defaults: ClassVar[dict[str, Any]] = {}

    def __init_subclass__(cls) -> None:
        cls.__dataclass_fields__ = _Fields()
        own = cls.__dict__.get("__annotations__", {})  # noqa: RUF063 - inspect is not loaded here
        names = [name for name, kind in own.items() if not str(kind).startswith("ClassVar")]
        inherited = tuple(n for n in cls.__match_args__ if n not in names)
        setattr(cls, "__match_args__", (*inherited, *names))  # noqa: B010 - type checkers take it for constant
        cls._defaults = {**cls._defaults, **{n: cls.__dict__[n] for n in names if n in cls.__dict__}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # A wrong answer makes 2,000 of these; so nothing is done that need not be, which takes a third off each.
        names = self.__match_args__
        values = self.__dict__
        if self._defaults:
            values.update(self._defaults)
        if args:
            values.update(zip(names, args))  # noqa: B905 - naming `strict` takes as long as the pairs
        if kwargs:
            values.update(kwargs)
        double = args and kwargs and not kwargs.keys().isdisjoint(names[: len(args)])
        if double or len(args) > len(names) or len(values) != len(names):
            self._check_arguments(args, kwargs)

    def _check_arguments(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        names, own = self.__match_args__, type(self).__name__
        if len(args) > len(names):
            raise TypeError(f"{own}: {len(args)} arguments where {len(names)} are taken")
        if strange := [n for n in kwargs if n not in names]:
            raise TypeError(f"{own}: no field {strange[0]!r}")
        if double := [n for n in names[: len(args)] if n in kwargs]:
            raise TypeError(f"{own}: two values for {double[0]!r}")
        if missing := [n for n in names if n not in self.__dict__]:
            raise TypeError(f"{own}: {', '.join(missing)} missing")

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen; make another with dataclasses.replace")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.__dict__ == self.__dict__

    def __hash__(self) -> int:
        return hash(tuple(self.__dict__[name] for name in self.__match_args__))

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={self.__dict__[name]!r}" for name in self.__match_args__)
        return f"{type(self).__name__}({inside})"


R = TypeVar("R", bound=Record)


def replace(record: R, **changes: Any) -> R:
    """The record with some fields changed, as `dataclasses.replace` without loading that."""
    return type(record)(**{**record.__dict__, **changes})
