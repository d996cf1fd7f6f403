"""What a person may demand of a programme: to see, to take along, to be erased; and how long anything is kept."""
