"""The mock interview without a screen.

`drawing` decides what is asked, `sitting` what happens while it runs and how it is kept, `asking` what is asked next
after an answer, `report` what came of it; `pages`, `html` and `files` say that to people.
"""
