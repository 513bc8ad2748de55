"""监理检查: named rules that look for faults in survey data, on its way in or in the network in force."""
