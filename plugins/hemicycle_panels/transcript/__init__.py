"""The public record of a draw: what was fixed, which number came, whom it drew, so that anyone can check."""
