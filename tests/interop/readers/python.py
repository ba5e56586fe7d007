"""Reads .env files with the Python package named by the first argument.

In: paths on stdin, each ended by NUL. Out: one line a file,
`ok NAME=VALUE NAME=VALUE ...` or `error MESSAGE`, every field in hex.
"""

import ctypes
import glob
import logging
import os
import sys
import warnings


def python_dotenv():
    from dotenv import dotenv_values

    return dotenv_values


def pydantic_settings():
    from pydantic_settings import BaseSettings, SettingsConfigDict

    def read(path):
        class Settings(BaseSettings):
            model_config = SettingsConfigDict(
                env_file=path, env_file_encoding="utf-8", extra="allow", case_sensitive=True
            )

        return dict(Settings().model_extra)

    return read


def environs():
    from dotenv import dotenv_values
    from environs import Env

    def read(path):
        env = Env()
        env.read_env(path, recurse=False, override=True)
        # environs has no list of names of its own
        return {name: env.str(name) for name in dotenv_values(path, interpolate=False)}

    return read


def django_environ():
    import environ

    def read(path):
        environ.Env.read_env(path, overwrite=True)
        env = environ.Env()
        return {name: env.str(name) for name in list(os.environ)}

    return read


def python_decouple():
    from decouple import Config, RepositoryEnv

    def read(path):
        repository = RepositoryEnv(path)
        config = Config(repository)
        return {name: config(name) for name in repository.data}

    return read


def systemd():
    """The function behind EnvironmentFile=, in systemd's own library. No service is started."""
    found = sorted(
        glob.glob("/usr/lib/*/systemd/libsystemd-shared-*.so")
        + glob.glob("/usr/lib/systemd/libsystemd-shared-*.so")
        + glob.glob("/lib/systemd/libsystemd-shared-*.so")
    )
    if not found:
        raise SystemExit("no libsystemd-shared")
    library = ctypes.CDLL(found[0])
    strings = ctypes.POINTER(ctypes.c_char_p)
    library.load_env_file.restype = ctypes.c_int
    library.load_env_file.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.POINTER(strings)]

    def read(path):
        result = strings()
        code = library.load_env_file(None, os.fsencode(path), ctypes.byref(result))
        if code < 0:
            raise OSError(-code, os.strerror(-code))
        read_vars, index = {}, 0
        while result and result[index] is not None:
            name, _, value = result[index].partition(b"=")
            read_vars[name] = value
            index += 1
        return read_vars

    return read


def as_hex(text):
    if text is None:
        return b"(no value)".hex()
    if isinstance(text, str):
        text = text.encode("utf-8", "surrogateescape")
    return text.hex()


def main():
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    read = globals()[sys.argv[1].replace("-", "_")]()
    for path in os.fsdecode(sys.stdin.buffer.read()).split("\0"):
        if not path:
            continue
        for name in list(os.environ):
            del os.environ[name]
        try:
            pairs = read(path)
            fields = ["%s=%s" % (as_hex(name), as_hex(pairs[name])) for name in pairs]
            line = " ".join(["ok"] + fields)
        except Exception as error:
            line = "error " + as_hex("%s: %s" % (type(error).__name__, error))
        print(line)


main()
