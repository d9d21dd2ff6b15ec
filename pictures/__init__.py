"""The picture library: uploads, renditions, storage."""
