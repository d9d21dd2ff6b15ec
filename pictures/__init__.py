"""The picture library: uploading, re-encoding and storing pictures, and making narrower copies of them."""
