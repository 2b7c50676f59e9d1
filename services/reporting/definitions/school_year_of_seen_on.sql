-- The school year of the day `seen_on`, by the calendar year in which it begins: on 1 August.
extract(year FROM seen_on - interval '7 months')
