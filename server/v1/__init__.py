"""The API of this server, `/api/v1/…`: the four verbs in bulk, and resources; described by its own OpenAPI document.

Each thing it does is an `Operation`: what it takes, as marshmallow schemas, a function that does it, and what it
answers. The routes, the checks of all input and the OpenAPI document are made of the same operations.
"""
