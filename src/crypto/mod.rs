//! Signatures, the keys that make them, and the keys that check them.
