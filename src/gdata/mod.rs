//! The gdata envelope.
