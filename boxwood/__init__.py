"""The client: the `boxwood` command and what runs on a data scientist's machine. No Django here."""
