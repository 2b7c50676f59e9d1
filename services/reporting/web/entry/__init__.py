"""The pages on which people register: a form for each event, the roster of a session, and the page of an own area."""
