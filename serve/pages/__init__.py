"""The pages of the dashboard: what each shows, its charts, templates and wording.

Entry points: `pages.Pages` and `words_page.WordsPage`.
"""
