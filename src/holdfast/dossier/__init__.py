"""What one decision rests on: schema, canonical form, digest, offline verification. No Django."""
