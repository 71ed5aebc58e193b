"""What people are shown: text, HTML, explanations and reports."""
