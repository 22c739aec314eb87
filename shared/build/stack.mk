# Running the city: see shared/build/stack.sh.
