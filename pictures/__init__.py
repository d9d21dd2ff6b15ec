"""The picture library: uploading, re-encoding and storing pictures, and making copies of them for pages."""
