"""What an audit says of all devices."""
