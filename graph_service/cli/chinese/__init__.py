"""The Chinese of what errors say, by subject: pairs of an English template and its twin."""
