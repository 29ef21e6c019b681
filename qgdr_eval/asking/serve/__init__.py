"""The server of a form: one process, no kernel a visitor. Only these files import starlette."""
