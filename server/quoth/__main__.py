"""The program ``quoth``, also as ``python -m quoth``: it says so where a package that Quoth needs is not installed."""

import shlex
import sys

from quoth.errors import UnavailableError


def main() -> None:
    """Run the command line. Only a module without dependencies can say that even click is missing."""
    try:
        from quoth.cli import main as run

        run()
    except ImportError as error:
        package = (error.name or "quoth").partition(".")[0]
        if package == "quoth":
            raise
        reason = "is not installed" if isinstance(error, ModuleNotFoundError) else f"cannot be imported: {error}"
        install = f"{shlex.quote(sys.executable)} -m pip install quoth"
        print(f"quoth: the package {package} {reason} (`{install}` installs what is missing)", file=sys.stderr)
        sys.exit(UnavailableError.exit_code)


if __name__ == "__main__":
    main()
