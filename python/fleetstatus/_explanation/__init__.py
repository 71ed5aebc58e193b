"""Why one device has its status, and what to do first."""
