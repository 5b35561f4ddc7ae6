"""Knowledge-base articles to rules; one module an article layout."""
