"""How well questions are understood, measured on questions nobody tuned the words on."""
