"""The source library in the admin. It lies in articles because its pages show which articles use a source."""
