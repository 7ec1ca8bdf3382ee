using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using QuadTurbo.Trading;

namespace QuadTurbo.Hosting.Transport;

/// <summary>Who answers which query in this process.</summary>
internal sealed class AnswerBook
{
    private readonly Dictionary<string, Answerer> _owners = new(StringComparer.Ordinal);

    /// <summary>Binds every registered answer to its handler.</summary>
    /// <exception cref="InvalidOperationException">Two services answer one query.</exception>
    public void Bind(IServiceProvider services)
    {
        foreach (IAnswerSource source in services.GetServices<IAnswerSource>())
            if (!_owners.TryAdd(source.Query, source.Create(services))) throw new InvalidOperationException($"query '{source.Query}' is answered by two services");
    }

    /// <summary>Who answers <paramref name="query"/>, whatever its types; null for nobody here.</summary>
    public Answerer? Find(string query) => _owners.GetValueOrDefault(query);

    /// <summary>Who answers <paramref name="query"/>, if somebody here does.</summary>
    /// <exception cref="InvalidOperationException">Who owns it answers questions of another type.</exception>
    public bool TryFind<TQuestion, TAnswer>(Query<TQuestion, TAnswer> query, [NotNullWhen(true)] out Answerer<TQuestion, TAnswer>? answerer)
    {
        Answerer? owner = Find(query.Name);
        answerer = owner as Answerer<TQuestion, TAnswer>;
        return owner is null || answerer is not null
            ? answerer is not null
            : throw new InvalidOperationException($"query '{query.Name}' is not one from {typeof(TQuestion).Name} to {typeof(TAnswer).Name}");
    }
}
