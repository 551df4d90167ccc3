"""Times without full stops: “until 6:44 a.m.” would end a sentence with two of them."""

DATETIME_FORMAT = "N j, Y, g:i A"
TIME_FORMAT = "g:i A"
