"""What Decidim exports: proposals, debates and the comments on either, threaded again."""
