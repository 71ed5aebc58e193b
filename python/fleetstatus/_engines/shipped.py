"""Functions that go to workers, where the package may be missing or another one."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

from fleetstatus._package import __version__

if TYPE_CHECKING:
    from collections.abc import Callable


def shipped(function: Callable[..., Any], *first: Any) -> Callable[..., Any]:
    """Make a function that engines send to their workers as code.

    A worker without the package, or with another version of it, says so: all that is of the
    package is opened there, once the package is known to be right.

    Parameters
    ----------
    function
        Of a module of the package.
    first
        Its first arguments, which can be pickled.

    Raises
    ------
    ImportError
        On a worker, when it is called.
    """
    work = pickle.dumps((function, first))
    version = __version__

    def run(*rest: Any) -> Any:  # engines send it by value, so it must use nothing from outside
        import pickle
        import platform
        from importlib import import_module

        advice = f"install it on every worker: pip install fleetstatus=={version}"
        try:
            found = import_module("fleetstatus").__version__
        except ImportError as error:
            message = f"fleetstatus is not on the worker {platform.node()}: {error}\n{advice}"
            raise ImportError(message) from error
        if found != version:
            message = (
                f"the worker {platform.node()} has fleetstatus {found}, and the job was made by "
                f"{version}\n{advice}"
            )
            raise ImportError(message)
        own_function, own_first = pickle.loads(work)
        return own_function(*own_first, *rest)

    return run
