"""The client of the language model: any server of OpenAI's shape.

Entry points: `interface.LanguageModel` and `asking`.
"""
