"""The source library in the admin. It is part of articles because its pages show which articles use a source."""
