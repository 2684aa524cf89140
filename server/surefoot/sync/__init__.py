"""Pulls tickets from GitHub, GitLab and Jira into files of a root, so that everything else about them stays offline."""
