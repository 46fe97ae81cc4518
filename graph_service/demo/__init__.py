"""The generated demo city: six departments' files with planted stories, nobody real in them."""
