"""The provably fair lottery: from a pool and its quotas to a thousand panels that give everyone their fair chance."""
