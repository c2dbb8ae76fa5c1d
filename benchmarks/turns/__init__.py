"""Turn-taking: how soon, how cheaply and how honestly turns are taken."""
