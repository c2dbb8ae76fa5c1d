"""A model service behind the gateway: Azure OpenAI, OpenAI, or whatever speaks the Realtime API."""
