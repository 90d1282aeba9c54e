"""The routes of the HTTP interface under `/v1`: their parameters, answers, paging, errors and access rules.

Entry points: one class a group of routes, such as `lists.Lists`, and `predict_route.build_predict_api`.
"""
