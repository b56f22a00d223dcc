"""Files and folders where Spark writes: whatever file system the name belongs to."""

from typing import Any

from pyspark.sql import SparkSession


class Files:
    """The file systems that a session knows."""

    def __init__(self, session: SparkSession) -> None:
        self._jvm: Any = session._jvm
        self._conf: Any = session._jsc.hadoopConfiguration()

    def exists(self, name: str) -> bool:
        """Whether there is a file or folder."""
        path, system = self._at(name)
        return bool(system.exists(path))

    def remove(self, name: str) -> None:
        """Remove a folder and all in it."""
        path, system = self._at(name)
        system.delete(path, True)

    def write(self, name: str, text: str) -> None:
        """Write a file."""
        path, system = self._at(name)
        out = system.create(path, True)
        out.write(bytearray(text, "utf-8"))
        out.close()

    def _at(self, name: str) -> tuple[Any, Any]:
        path = self._jvm.org.apache.hadoop.fs.Path(name)
        return path, path.getFileSystem(self._conf)
