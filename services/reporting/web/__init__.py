"""The pages: what a person sees of reporting in a browser. They take the use cases that the JSON routes take."""
