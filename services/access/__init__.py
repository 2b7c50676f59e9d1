"""Access: who may sign in, who is signed in, which programs have keys; the one service that signs tokens."""
